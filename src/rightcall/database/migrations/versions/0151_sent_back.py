from rightcall.database.migrate import run_sql_beside

revision = "0151"
down_revision = "0150"


def upgrade() -> None:
    run_sql_beside(__file__)
