from rightcall.database.migrate import run_sql_beside

revision = "0082"
down_revision = "0081"


def upgrade() -> None:
    run_sql_beside(__file__)
