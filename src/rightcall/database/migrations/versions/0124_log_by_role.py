from rightcall.database.migrate import run_sql_beside

revision = "0124"
down_revision = "0123"


def upgrade() -> None:
    run_sql_beside(__file__)
