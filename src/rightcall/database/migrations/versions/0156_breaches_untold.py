from rightcall.database.migrate import run_sql_beside

revision = "0156"
down_revision = "0155"


def upgrade() -> None:
    run_sql_beside(__file__)
