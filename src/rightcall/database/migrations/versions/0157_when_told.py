from rightcall.database.migrate import run_sql_beside

revision = "0157"
down_revision = "0156"


def upgrade() -> None:
    run_sql_beside(__file__)
