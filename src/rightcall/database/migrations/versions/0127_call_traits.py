from rightcall.database.migrate import run_sql_beside

revision = "0127"
down_revision = "0126"


def upgrade() -> None:
    run_sql_beside(__file__)
