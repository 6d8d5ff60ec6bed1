package compute_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/cmd/alitad/cmd/compute"
	"github.com/alita-network/alita/rows/fixedpoint"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

func TestRequestWithLabels(t *testing.T) {
	r, err := compute.ReadRequest(flags(t, "--program", "contingency", "--pool", "1", "--columns", "species,body_mass_g", "--price", "1ALITA",
		"--labels", "species=Adelie,Chinstrap,Gentoo", "--bits", "13", "--lower", "0,2500", "--width", "1,2000", "--bins", "0,2"))
	require.NoError(t, err)
	columns, _, err := fixedpoint.ParseHeader(r.Spec().Input)
	require.NoError(t, err)
	require.Equal(t, []fixedpoint.Column{fixedpoint.Labelled([]string{"Adelie", "Chinstrap", "Gentoo"}, false), {Bits: 13}}, columns)
	require.EqualValues(t, 5*4, r.Spec().Length)

	// Two labels are a response of 0 or 1.
	for _, args := range [][]string{nil, {"--bits", "32,13"}} {
		r, err = compute.ReadRequest(flags(t, append([]string{
			"--program", "logistic", "--pool", "1", "--columns", "sex,body_mass_g", "--price", "1ALITA",
			"--labels", "sex=FEMALE,MALE",
		}, args...)...))
		require.NoError(t, err)
		columns, _, err = fixedpoint.ParseHeader(r.Spec().Input)
		require.NoError(t, err)
		require.Equal(t, fixedpoint.Labelled([]string{"FEMALE", "MALE"}, false), columns[0])
	}

	_, err = compute.ReadRequest(flags(t, "--program", "histogram", "--pool", "1", "--columns", "sex", "--price", "1ALITA", "--labels", "Sex=M"))
	require.ErrorContains(t, err, `--labels: bad parameters: labels "Sex=M": there is no column "Sex"`)
}

// recordsOf is a node that lists records with these columns.
type recordsOf struct {
	metadatatypes.QueryClient
	columns [][]metadatatypes.Column
	more    []byte // what there is beside them
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

// TestTextsNeedLabels: the command says what to give before it opens a job that every worker would decline.
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
		"unknown": `column "unknown": none of the 2 records of pool 7 has it: expected one of alive, day, island, mass, species`,
		"species": `column "species" (which penguin) of pool 7 holds one of a few texts, and programs read numbers: expected the texts that are to count as 0, 1 and so on, as in --labels 'species=FIRST,SECOND,THIRD'`,
		"island":  `column "island" of pool 7 holds texts`,
		"alive":   `as in --labels 'alive=false,true'`,
		"day":     `column "day" of pool 7 holds dates`,
	} {
		err := compute.CheckColumns(t.Context(), records, pool, []analysis.Column{{Name: "mass"}, {Name: name}})
		if want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, want)
		if name != "unknown" {
			require.NoError(t, compute.CheckColumns(t.Context(), records, pool, []analysis.Column{{Name: name, Labels: []string{"x"}}}))
		}
	}
	// Another record may have it, and a pool without records says so by itself.
	records.more = []byte("next")
	require.NoError(t, compute.CheckColumns(t.Context(), records, pool, []analysis.Column{{Name: "unknown"}}))
	require.NoError(t, compute.CheckColumns(t.Context(), recordsOf{}, pool, []analysis.Column{{Name: "unknown"}}))
}
