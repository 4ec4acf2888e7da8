from rightcall.database.migrate import run_sql_beside

revision = "0119"
down_revision = "0118"


def upgrade() -> None:
    run_sql_beside(__file__)
