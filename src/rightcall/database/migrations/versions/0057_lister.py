from rightcall.database.migrate import run_sql_beside

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    run_sql_beside(__file__)
