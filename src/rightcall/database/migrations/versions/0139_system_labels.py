from rightcall.database.migrate import run_sql_beside

revision = "0139"
down_revision = "0138"


def upgrade() -> None:
    run_sql_beside(__file__)
