from rightcall.database.migrate import run_sql_beside

revision = "0076"
down_revision = "0075"


def upgrade() -> None:
    run_sql_beside(__file__)
