from rightcall.database.migrate import run_sql_beside

revision = "0129"
down_revision = "0128"


def upgrade() -> None:
    run_sql_beside(__file__)
