from rightcall.database.migrate import run_sql_beside

revision = "0116"
down_revision = "0115"


def upgrade() -> None:
    run_sql_beside(__file__)
