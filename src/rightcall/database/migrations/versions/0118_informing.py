from rightcall.database.migrate import run_sql_beside

revision = "0118"
down_revision = "0117"


def upgrade() -> None:
    run_sql_beside(__file__)
