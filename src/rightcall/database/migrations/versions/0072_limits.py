from rightcall.database.migrate import run_sql_beside

revision = "0072"
down_revision = "0071"


def upgrade() -> None:
    run_sql_beside(__file__)
