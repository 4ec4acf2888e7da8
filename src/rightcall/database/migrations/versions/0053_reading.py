from rightcall.database.migrate import run_sql_beside

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    run_sql_beside(__file__)
