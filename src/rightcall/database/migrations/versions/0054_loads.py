from rightcall.database.migrate import run_sql_beside

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    run_sql_beside(__file__)
