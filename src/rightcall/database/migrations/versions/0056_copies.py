from rightcall.database.migrate import run_sql_beside

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    run_sql_beside(__file__)
