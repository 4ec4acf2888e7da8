from rightcall.database.migrate import run_sql_beside

revision = "0121"
down_revision = "0120"


def upgrade() -> None:
    run_sql_beside(__file__)
