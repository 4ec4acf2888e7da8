from rightcall.database.migrate import run_sql_beside

revision = "0125"
down_revision = "0124"


def upgrade() -> None:
    run_sql_beside(__file__)
