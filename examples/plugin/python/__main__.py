import pulumi
import pulumi_processmind as processmind

claims = processmind.Dataset("claims", display_name="Claims (Python)")

events = processmind.Datatable("events", dataset_id=claims.id, display_name="Events")

upload = processmind.DatatableUpload(
    "upload",
    dataset_id=claims.id,
    datatable_id=events.id,
    source="data/claims.csv",
    event_log={"case_id": "claim", "activity": "activity", "timestamp": "timestamp"},
    require_columns=["claim", "activity", "timestamp"],
)

pulumi.export("dataset_id", claims.id)
pulumi.export("change", upload.change)
