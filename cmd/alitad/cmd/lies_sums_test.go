package cmd_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/rows/fixedpoint"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/testutil/rpcnode"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// liesAboutSums are what a node may make of its answers about a job whose sums its consumer reads.
func liesAboutSums() map[string]rpcnode.Lie {
	swap := func(sums [][]byte) { sums[0], sums[1] = sums[1], sums[0] }
	lies := map[string]rpcnode.Lie{
		"sums of others": answers(func(r *computetypes.QuerySumsResponse) {
			r.Sums.Sums[0], r.Sums.Sums[1] = r.Sums.Sums[1], r.Sums.Sums[0]
		}),
		"commitments": func(_ string, answer any) error {
			switch r := answer.(type) {
			case *computetypes.QuerySumsResponse:
				swap(r.Sums.Commitments)
			case *computetypes.QueryJobResponse:
				if s := r.Job.Seats; len(s) > 1 {
					s[0].Commitment, s[1].Commitment = s[1].Commitment, s[0].Commitment
				}
			}
			return nil
		},
		"the number of contributions": func(_ string, answer any) error {
			switch r := answer.(type) {
			case *computetypes.QuerySumsResponse:
				r.Sums.Valid, r.Sums.Owners = 2, 2
			case *computetypes.QueryJobResponse:
				r.Job.Valid, r.Job.ValidOwners = 2, 2
			}
			return nil
		},
		"a right sum in place of a wrong one": answers(func(r *computetypes.QuerySumsResponse) { r.Sums.Sums[0] = r.Sums.Sums[1] }),
		"another reader's key":                answers(func(r *computetypes.QueryJobResponse) { r.Job.Spec.ReaderKey = liarsKey() }),
		"a job that is settled":               answers(func(r *computetypes.QueryJobResponse) { r.Job.Status = computetypes.JOB_STATUS_SETTLED }),
		"a job that is read":                  answers(func(r *computetypes.QueryJobResponse) { r.Job.Status = computetypes.JOB_STATUS_READING }),
		"no job":                              answers(func(r *computetypes.QueryJobResponse) { r.Job = computetypes.Job{} }),
		"the program":                         answers(func(r *computetypes.QueryProgramResponse) { r.Program.Bits = 8 }),
		"the panel":                           answers(func(r *metadatatypes.QueryPanelResponse) { r.Panel.MemberCount = 2 }),
	}
	for name, lie := range nodesLies() {
		if slices.Contains([]string{"the end of the job", "no proofs", "altered proofs", "altered headers", "proofs of others", "failed in its block", "taken and refused"}, name) {
			lies[name] = lie
		}
	}
	return lies
}

// actsOf are the messages of a job that its consumer has sent, each once.
func actsOf(t *testing.T, sent [][]byte) (kinds []string, opened *computetypes.MsgOpenJob) {
	t.Helper()
	for i, bz := range sent {
		if slices.ContainsFunc(sent[:i], func(before []byte) bool { return bytes.Equal(before, bz) }) {
			continue
		}
		decoded, err := tx.TxConfig().TxDecoder()(bz)
		require.NoError(t, err)
		for _, msg := range decoded.GetMsgs() {
			switch m := msg.(type) {
			case *computetypes.MsgOpenJob:
				opened = m
			case *computetypes.MsgAcceptSums:
				kinds = append(kinds, "accept")
			case *computetypes.MsgDisputeSum:
				kinds = append(kinds, "dispute")
			default:
				t.Errorf("expected a message of a job, got %s", sdk.MsgTypeURL(msg))
			}
		}
	}
	return kinds, opened
}

// TestAttackLyingNodeOfSums: whatever the node of a reader answers, a sum that its seat has opened rightly is not disputed, which would
// publish the reader's key; a wrong one is not accepted; no key is deleted whose job may be open; and the answer that is shown is the right one.
func TestAttackLyingNodeOfSums(t *testing.T) {
	computetypes.RegisterInterfaces(tx.Codec().InterfaceRegistry())
	input, err := analysis.EncodeMoments([]fixedpoint.Column{{Decimals: 1, Bits: 20}})
	require.NoError(t, err)
	lies := liesAboutSums()
	for _, tt := range []struct {
		name  string
		liar  int
		right []string
	}{
		{"honest seats", rpcnode.NoLiar, []string{"accept"}},
		{"a lying seat", 0, []string{"dispute", "accept"}},
	} {
		for _, name := range append([]string{"the truth"}, slices.Sorted(maps.Keys(lies))...) {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				n, liar, _ := network(t, false)
				n.Pace = 4
				panel := n.FoundPanel(t, input, tt.liar)
				u := newUser(t, rpcnode.Consumer)
				liar.Alter(lies[name])
				out, err := u.run(t, n, liar, nil, append(words("compute run --program moments --pool 1 --columns speed --decimals 1 --bits 20 --price 0.5ALITA --seats 2 --panels"), panel)...)
				liar.Alter(nil)
				sent := n.Sent()
				kinds, opened := actsOf(t, sent)
				if name == "the truth" {
					require.NoError(t, err, out)
				}
				if err == nil {
					require.Equal(t, tt.right, kinds, out)
					require.Contains(t, out, "0.7", "the mean")
				}
				require.LessOrEqual(t, len(kinds), len(tt.right), "%v", kinds)
				require.True(t, slices.Equal(tt.right[:len(kinds)], kinds), "%v: %s", kinds, out)
				if opened == nil {
					return
				}
				over := false
				n.Do(func(c *apptest.Chain) {
					job, err := c.App.ComputeKeeper.Job(c.Ctx(), computetypes.JobID(u.account.Address(), opened.Salt))
					over = err == nil && !job.Open()
				})
				if !over {
					require.NotEmpty(t, u.keys(t), "the key of a job that may be open")
				}
			})
		}
	}
}
