from rightcall.database.migrate import run_sql_beside

revision = "0071"
down_revision = "0070"


def upgrade() -> None:
    run_sql_beside(__file__)
