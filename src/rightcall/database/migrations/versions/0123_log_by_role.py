from rightcall.database.migrate import run_sql_beside

revision = "0123"
down_revision = "0122"


def upgrade() -> None:
    run_sql_beside(__file__)
