from rightcall.database.migrate import run_sql_beside

revision = "0110"
down_revision = "0109"


def upgrade() -> None:
    run_sql_beside(__file__)
