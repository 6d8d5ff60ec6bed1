package consumer_test

import (
	"context"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// panelChain is a chain with panels and answers.
type panelChain struct {
	metadatatypes.QueryClient
	panels map[string]metadatatypes.Panel
}

func (c panelChain) Panel(_ context.Context, req *metadatatypes.QueryPanelRequest, _ ...grpc.CallOption) (*metadatatypes.QueryPanelResponse, error) {
	p, found := c.panels[req.PanelId]
	if !found {
		return nil, status.Error(codes.NotFound, "panel not found")
	}
	return &metadatatypes.QueryPanelResponse{Panel: p}, nil
}

type answerChain struct {
	types.QueryClient
	answers map[string]types.PanelAnswer
}

func (c answerChain) PanelAnswer(_ context.Context, req *types.QueryPanelAnswerRequest, _ ...grpc.CallOption) (*types.QueryPanelAnswerResponse, error) {
	a, found := c.answers[req.Question]
	if !found {
		return nil, status.Error(codes.NotFound, "no such answer")
	}
	return &types.QueryPanelAnswerResponse{Answer: a}, nil
}

// What a panel does not answer is said before anything is paid; its members are the cohort.
func TestAskPanels(t *testing.T) {
	a, b := strings.Repeat("a", 64), strings.Repeat("b", 64)
	r := asked(moments)
	r.Panels, r.Purpose, r.MinCohort = []string{b, a}, "research", 3
	spec, err := consumer.SpecOf(r)
	require.NoError(t, err)
	require.Equal(t, []string{a, b}, spec.Panels)
	chain := func() panelChain {
		c := panelChain{panels: map[string]metadatatypes.Panel{}}
		for i, id := range []string{a, b} {
			c.panels[id] = metadatatypes.Panel{
				Id: id, PoolId: 4, Status: metadatatypes.PANEL_STATUS_ACTIVE, Edition: uint32(i + 1), MemberCount: uint32(5 + i), MaxSlots: 10,
				Terms: metadatatypes.PanelTerms{
					Class: metadatatypes.PANEL_CLASS_FIXED, Threshold: 3, MinPricePerMop: math.ZeroInt(), Questions: []metadatatypes.PanelQuestion{{
						ProgramId: spec.ProgramId, Columns: spec.Columns, Length: spec.Length, Input: spec.Input,
					}},
				},
			}
		}
		return c
	}
	got, err := consumer.AskPanels(t.Context(), r, chain(), answerChain{})
	require.NoError(t, err)
	require.EqualValues(t, 11, got.MinCohort)
	require.EqualValues(t, 11, got.MaxCohort)

	for name, tc := range map[string]struct {
		change func(c panelChain, r *consumer.Request)
		says   string
	}{
		"direct":       {func(_ panelChain, r *consumer.Request) { r.Direct = true }, "panels: expected none with direct delivery"},
		"a cohort":     {func(_ panelChain, r *consumer.Request) { r.MaxCohort = 5 }, "max-cohort: expected none with panels"},
		"twice":        {func(_ panelChain, r *consumer.Request) { r.Panels = []string{a, a} }, "expected each once"},
		"no id":        {func(_ panelChain, r *consumer.Request) { r.Panels = []string{"a"} }, "expected an id of 64"},
		"too many":     {func(_ panelChain, r *consumer.Request) { r.Panels = make([]string, 9) }, "expected at most 8, got 9"},
		"no panel":     {func(c panelChain, _ *consumer.Request) { delete(c.panels, a) }, "panel not found"},
		"another pool": {func(_ panelChain, r *consumer.Request) { r.PoolID = 5 }, "expected panels of pool 5"},
		"dissolved": {func(c panelChain, _ *consumer.Request) {
			p := c.panels[a]
			p.Status = metadatatypes.PANEL_STATUS_DISSOLVED
			c.panels[a] = p
		}, "PANEL_STATUS_DISSOLVED"},
		"slots": {func(c panelChain, _ *consumer.Request) {
			p := c.panels[b]
			p.OpenedSlots = 8
			c.panels[b] = p
		}, "expected at most 2 of 10 left"},
		"other bits": {func(_ panelChain, r *consumer.Request) {
			changed := *r.Question.Parameters
			changed.Columns = columns(11, "x")
			r.Question.Parameters = &changed
		}, "it reads x with 0 decimals, offset 0 and 10 bits"},
	} {
		c, request := chain(), r
		tc.change(c, &request)
		_, err := consumer.AskPanels(t.Context(), request, c, answerChain{})
		require.ErrorContains(t, err, tc.says, name)
	}

	hash := types.Job{Spec: spec}.PanelQuestion().Hash(4, []terms.PanelEdition{{ID: a, Edition: 1}, {ID: b, Edition: 2}})
	answers := answerChain{answers: map[string]types.PanelAnswer{hex.EncodeToString(hash[:]): {}}}
	_, err = consumer.AskPanels(t.Context(), r, chain(), answers)
	require.NoError(t, err, "a private answer is another reader's")
	answers.answers[hex.EncodeToString(hash[:])] = types.PanelAnswer{JobId: "job", Round: 1}
	var answered *consumer.AnsweredError
	_, err = consumer.AskPanels(t.Context(), r, chain(), answers)
	require.ErrorAs(t, err, &answered)
	require.Equal(t, consumer.AnsweredError{JobID: "job", Round: 1}, *answered)
}
