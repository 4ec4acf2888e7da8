from rightcall.database.migrate import run_sql_beside

revision = "0096"
down_revision = "0095"


def upgrade() -> None:
    run_sql_beside(__file__)
