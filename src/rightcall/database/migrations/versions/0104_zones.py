from rightcall.database.migrate import run_sql_beside

revision = "0104"
down_revision = "0103"


def upgrade() -> None:
    run_sql_beside(__file__)
