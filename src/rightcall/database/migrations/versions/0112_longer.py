from rightcall.database.migrate import run_sql_beside

revision = "0112"
down_revision = "0111"


def upgrade() -> None:
    run_sql_beside(__file__)
