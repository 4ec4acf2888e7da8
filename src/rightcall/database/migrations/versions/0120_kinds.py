from rightcall.database.migrate import run_sql_beside

revision = "0120"
down_revision = "0119"


def upgrade() -> None:
    run_sql_beside(__file__)
