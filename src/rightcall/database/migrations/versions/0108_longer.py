from rightcall.database.migrate import run_sql_beside

revision = "0108"
down_revision = "0107"


def upgrade() -> None:
    run_sql_beside(__file__)
