package main

import (
	"example.com/pulumi-processmind/sdk/go/processmind"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		claims, err := processmind.NewDataset(ctx, "claims", &processmind.DatasetArgs{
			DisplayName: pulumi.String("Claims (Go)"),
		})
		if err != nil {
			return err
		}
		events, err := processmind.NewDatatable(ctx, "events", &processmind.DatatableArgs{
			DatasetId:   claims.ID(),
			DisplayName: pulumi.String("Events"),
		})
		if err != nil {
			return err
		}
		upload, err := processmind.NewDatatableUpload(ctx, "upload", &processmind.DatatableUploadArgs{
			DatasetId:   claims.ID(),
			DatatableId: events.ID(),
			Source:      pulumi.String("data/claims.csv"),
			EventLog: &processmind.EventLogColumnsArgs{
				CaseId:    pulumi.String("claim"),
				Activity:  pulumi.String("activity"),
				Timestamp: pulumi.String("timestamp"),
			},
			RequireColumns: pulumi.ToStringArray([]string{"claim", "activity", "timestamp"}),
		})
		if err != nil {
			return err
		}
		ctx.Export("datasetId", claims.ID())
		ctx.Export("change", upload.Change)
		return nil
	})
}
