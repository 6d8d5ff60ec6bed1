package compute

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

// checkColumns says before anything is paid which columns no record has, and which hold texts and have no labels. What the pool does not
// require is looked up in some of its records.
func checkColumns(ctx context.Context, records metadatatypes.QueryClient, pool datapooltypes.Pool, columns []analysis.Column) error {
	known := map[string]metadatatypes.Column{}
	for _, c := range pool.Requirements.Columns {
		known[c.Name] = metadatatypes.Column{Name: c.Name, Type: c.Type}
	}
	res, err := records.RecordsByPool(ctx, &metadatatypes.QueryRecordsByPoolRequest{
		PoolId: pool.Id, Status: metadatatypes.RECORD_STATUS_ACTIVE, Pagination: &query.PageRequest{Limit: lookedAt},
	})
	if err != nil {
		return fmt.Errorf("records of pool %d: %w", pool.Id, err)
	}
	for _, record := range res.Records {
		r, err := records.Record(ctx, &metadatatypes.QueryRecordRequest{RecordId: record.Id})
		if err != nil {
			return fmt.Errorf("record %s: %w", record.Id, err)
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
	for _, c := range columns {
		if _, found := known[c.Name]; !found && len(res.Records) > 0 && len(res.Pagination.GetNextKey()) == 0 {
			return fmt.Errorf("column %q: none of the %d records of pool %d has it: expected one of %s",
				c.Name, len(res.Records), pool.Id, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		holds, text := textKinds[known[c.Name].Type]
		if !text || len(c.Labels) > 0 {
			continue
		}
		about := ""
		if d := known[c.Name].Description; d != "" {
			about = fmt.Sprintf(" (%s)", d)
		}
		return fmt.Errorf("column %q%s of pool %d holds %s, and programs read numbers: expected the texts that are to count as 0, 1 and so on, "+
			"as in --%s '%s=%s'; codes are texts, too. All others count as missing, or with a * at the end as a category of their own",
			c.Name, about, pool.Id, holds, flagLabels, c.Name, exampleLabels(known[c.Name].Type))
	}
	return nil
}

func exampleLabels(t datapooltypes.ColumnType) string {
	switch t {
	case datapooltypes.COLUMN_TYPE_BOOLEAN:
		return "false,true"
	case datapooltypes.COLUMN_TYPE_DATETIME:
		return "1996-11-04,1996-11-05"
	default:
		return "FIRST,SECOND,THIRD"
	}
}
