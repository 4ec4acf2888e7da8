from rightcall.database.migrate import run_sql_beside

revision = "0090"
down_revision = "0089"


def upgrade() -> None:
    run_sql_beside(__file__)
