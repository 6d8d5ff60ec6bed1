package consumer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// recordsOf is a node that lists records with these columns.
type recordsOf struct {
	metadatatypes.QueryClient
	columns [][]metadatatypes.Column
	more    []byte // what there is in addition to them
}

func (r recordsOf) RecordsByPool(context.Context, *metadatatypes.QueryRecordsByPoolRequest, ...grpc.CallOption) (*metadatatypes.QueryRecordsByPoolResponse, error) {
	res := &metadatatypes.QueryRecordsByPoolResponse{Pagination: &query.PageResponse{NextKey: r.more}}
	for i := range r.columns {
		res.Records = append(res.Records, metadatatypes.Record{Id: string(rune('0' + i))})
	}
	return res, nil
}

func (r recordsOf) Record(_ context.Context, req *metadatatypes.QueryRecordRequest, _ ...grpc.CallOption) (*metadatatypes.QueryRecordResponse, error) {
	res := &metadatatypes.QueryRecordResponse{}
	res.Version.Content.Dataset.Columns = r.columns[req.RecordId[0]-'0']
	return res, nil
}

// TestTextsNeedLabels: a quote says what to give before there is a job that every worker would decline.
func TestTextsNeedLabels(t *testing.T) {
	pool := datapooltypes.Pool{Id: 7}
	pool.Requirements.Columns = []datapooltypes.RequiredColumn{{Name: "mass", Type: datapooltypes.COLUMN_TYPE_DECIMAL}, {Name: "island", Type: datapooltypes.COLUMN_TYPE_TEXT}, {Name: "species"}}
	records := recordsOf{columns: [][]metadatatypes.Column{
		{{Name: "mass", Type: datapooltypes.COLUMN_TYPE_TEXT}, {Name: "alive", Type: datapooltypes.COLUMN_TYPE_UNSPECIFIED}},
		{
			{Name: "species", Type: datapooltypes.COLUMN_TYPE_CATEGORY, Description: "which penguin"},
			{Name: "alive", Type: datapooltypes.COLUMN_TYPE_BOOLEAN},
			{Name: "day", Type: datapooltypes.COLUMN_TYPE_DATETIME},
		},
	}}
	for name, want := range map[string]string{
		"mass":    "",
		"unknown": `column "unknown": expected one of alive, day, island, mass, species, got none of the 2 records of pool 7 that has it`,
		"species": `column "species" (which penguin) of pool 7 holds one of a few texts, and programs read numbers: expected labels, the texts that are to count as 0, 1 and so on, for example FIRST, SECOND, THIRD, got none`,
		"island":  `column "island" of pool 7 holds texts`,
		"alive":   `for example false, true, got none`,
		"day":     `column "day" of pool 7 holds dates`,
	} {
		err := consumer.CheckColumns(t.Context(), records, pool, []analysis.Column{{Name: "mass"}, {Name: name}})
		if want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, want)
		if name != "unknown" {
			require.NoError(t, consumer.CheckColumns(t.Context(), records, pool, []analysis.Column{{Name: name, Labels: []string{"x"}}}))
		}
	}
	// Another record may have it, and a pool without records says so by itself.
	records.more = []byte("next")
	require.NoError(t, consumer.CheckColumns(t.Context(), records, pool, []analysis.Column{{Name: "unknown"}}))
	require.NoError(t, consumer.CheckColumns(t.Context(), recordsOf{}, pool, []analysis.Column{{Name: "unknown"}}))
}
