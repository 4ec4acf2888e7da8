from rightcall.database.migrate import run_sql_beside

revision = "0094"
down_revision = "0093"


def upgrade() -> None:
    run_sql_beside(__file__)
