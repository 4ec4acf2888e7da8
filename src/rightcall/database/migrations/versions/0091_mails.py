from rightcall.database.migrate import run_sql_beside

revision = "0091"
down_revision = "0090"


def upgrade() -> None:
    run_sql_beside(__file__)
