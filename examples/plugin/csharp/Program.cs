using System.Collections.Generic;
using Pulumi;
using ProcessMind = Pulumi.ProcessMind;

return await Deployment.RunAsync(() =>
{
    var claims = new ProcessMind.Dataset("claims", new() { DisplayName = "Claims (C#)" });

    var events = new ProcessMind.Datatable("events", new()
    {
        DatasetId = claims.Id,
        DisplayName = "Events",
    });

    var upload = new ProcessMind.DatatableUpload("upload", new()
    {
        DatasetId = claims.Id,
        DatatableId = events.Id,
        Source = "data/claims.csv",
        EventLog = new ProcessMind.Inputs.EventLogColumnsArgs
        {
            CaseId = "claim",
            Activity = "activity",
            Timestamp = "timestamp",
        },
        RequireColumns = new[] { "claim", "activity", "timestamp" },
    });

    return new Dictionary<string, object?>
    {
        ["datasetId"] = claims.Id,
        ["change"] = upload.Change,
    };
});
