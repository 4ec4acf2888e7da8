from rightcall.database.migrate import run_sql_beside

revision = "0122"
down_revision = "0121"


def upgrade() -> None:
    run_sql_beside(__file__)
