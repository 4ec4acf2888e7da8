from rightcall.database.migrate import run_sql_beside

revision = "0115"
down_revision = "0114"


def upgrade() -> None:
    run_sql_beside(__file__)
