from rightcall.database.migrate import run_sql_beside

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    run_sql_beside(__file__)
