from rightcall.database.migrate import run_sql_beside

revision = "0140"
down_revision = "0139"


def upgrade() -> None:
    run_sql_beside(__file__)
