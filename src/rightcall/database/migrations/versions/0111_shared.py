from rightcall.database.migrate import run_sql_beside

revision = "0111"
down_revision = "0110"


def upgrade() -> None:
    run_sql_beside(__file__)
