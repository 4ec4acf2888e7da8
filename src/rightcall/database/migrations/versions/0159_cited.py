from rightcall.database.migrate import run_sql_beside

revision = "0159"
down_revision = "0158"


def upgrade() -> None:
    run_sql_beside(__file__)
