package consumer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/analysis"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// lookedAt is how many records of a pool are asked for what their columns hold.
const lookedAt = 8

// textKinds are the types of columns that programs read only with labels.
var textKinds = map[datapooltypes.ColumnType]string{
	datapooltypes.COLUMN_TYPE_TEXT:     "texts",
	datapooltypes.COLUMN_TYPE_CATEGORY: "one of a few texts",
	datapooltypes.COLUMN_TYPE_BOOLEAN:  "true or false",
	datapooltypes.COLUMN_TYPE_DATETIME: "dates",
}

// checkColumns says before anything is paid which columns no record has, and which
// hold texts and have no labels.
func checkColumns(ctx context.Context, records metadatatypes.QueryClient, pool datapooltypes.Pool, columns []analysis.Column) error {
	known, looked, all, err := knownColumns(ctx, records, pool)
	if err != nil {
		return err
	}
	for _, c := range columns {
		k, found := known[c.Name]
		if !found && looked > 0 && all {
			return fmt.Errorf("column %q: expected one of %s, got none of the %d records of pool %d that has it",
				c.Name, strings.Join(slices.Sorted(maps.Keys(known)), ", "), looked, pool.Id)
		}
		if holds, text := textKinds[k.Type]; text && len(c.Labels) == 0 {
			return &LabelsError{Column: c.Name, Description: k.Description, PoolID: pool.Id, Holds: holds, Labels: exampleLabels(k.Type)}
		}
	}
	return nil
}

// knownColumns returns the columns that the pool requires and, as far as it leaves
// them open, what some of its records say; how many records it has looked at, and
// whether these are all.
func knownColumns(ctx context.Context, records metadatatypes.QueryClient, pool datapooltypes.Pool) (known map[string]metadatatypes.Column, looked int, all bool, err error) {
	known = map[string]metadatatypes.Column{}
	for _, c := range pool.Requirements.Columns {
		known[c.Name] = metadatatypes.Column{Name: c.Name, Type: c.Type}
	}
	res, err := records.RecordsByPool(ctx, &metadatatypes.QueryRecordsByPoolRequest{
		PoolId: pool.Id, Status: metadatatypes.RECORD_STATUS_ACTIVE, Pagination: &query.PageRequest{Limit: lookedAt},
	})
	if err != nil {
		return nil, 0, false, fmt.Errorf("records of pool %d: %w", pool.Id, err)
	}
	for _, record := range res.Records {
		r, err := records.Record(ctx, &metadatatypes.QueryRecordRequest{RecordId: record.Id})
		if err != nil {
			return nil, 0, false, fmt.Errorf("record %s: %w", record.Id, err)
		}
		for _, c := range r.Version.Content.Dataset.Columns {
			k := known[c.Name]
			if k.Type == datapooltypes.COLUMN_TYPE_UNSPECIFIED {
				k.Type = c.Type
			}
			if k.Description == "" {
				k.Description = c.Description
			}
			known[c.Name] = k
		}
	}
	return known, len(res.Records), len(res.Pagination.GetNextKey()) == 0, nil
}

func exampleLabels(t datapooltypes.ColumnType) []string {
	switch t {
	case datapooltypes.COLUMN_TYPE_BOOLEAN:
		return []string{"false", "true"}
	case datapooltypes.COLUMN_TYPE_DATETIME:
		return []string{"1996-11-04", "1996-11-05"}
	default:
		return []string{"FIRST", "SECOND", "THIRD"}
	}
}
