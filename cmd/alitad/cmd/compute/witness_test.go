package compute_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/client"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/cmd/alitad/cmd/compute"
	"github.com/alita-network/alita/x/compute/types"
)

// rpc is the RPC server of a node with a chain behind it.
type rpc struct {
	t       *testing.T
	id      string
	network string
	chain   *ownersChain
	// lie changes the answer to a query for the sums of a round.
	lie func(*types.RoundSums)
	// lieJob changes the answer to a query for the job.
	lieJob func(*types.Job)

	mu    sync.Mutex
	asked map[string]int
}

// newRPC serves a node on a free port and returns its address.
func newRPC(t *testing.T, id string, c *ownersChain) (*rpc, string) {
	t.Helper()
	n := &rpc{t: t, id: id, network: chainID, chain: c, asked: map[string]int{}}
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	return n, server.URL
}

func (n *rpc) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var req struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
		Params struct {
			Path string `json:"path"`
			Data string `json:"data"`
		} `json:"params"`
	}
	if json.Unmarshal(body, &req) != nil {
		http.Error(w, "not JSON", http.StatusBadRequest)
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	var result any
	switch req.Method {
	case "status":
		result = map[string]any{
			"node_info": map[string]any{"id": n.id, "network": n.network}, "sync_info": map[string]any{"latest_block_height": "1"},
		}
	case "abci_query":
		data, _ := hex.DecodeString(req.Params.Data)
		value, err := n.query(r.Context(), req.Params.Path, data)
		response := map[string]any{"value": value, "height": "1"}
		if err != nil {
			response = map[string]any{"code": 1, "log": err.Error(), "codespace": "test"}
		}
		result = map[string]any{"response": response}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"jsonrpc": "2.0", "id": req.ID, "result": result})
}

func (n *rpc) query(ctx context.Context, path string, data []byte) ([]byte, error) {
	name := path[strings.LastIndex(path, "/")+1:]
	n.asked[name]++
	switch name {
	case "Job":
		job, _, err := n.chain.Job(ctx, "")
		if err != nil {
			return nil, err
		}
		if n.lieJob != nil {
			n.lieJob(&job)
		}
		return (&types.QueryJobResponse{Job: job}).Marshal()
	case "Program":
		return (&types.QueryProgramResponse{Program: n.chain.program}).Marshal()
	case "Contributions":
		all, err := n.chain.Contributions(ctx, "")
		if err != nil {
			return nil, err
		}
		return (&types.QueryContributionsResponse{Contributions: all}).Marshal()
	case "Sums":
		var req types.QuerySumsRequest
		if err := req.Unmarshal(data); err != nil {
			return nil, err
		}
		sums, err := n.chain.Sums(ctx, "", req.Round)
		if err != nil {
			return nil, err
		}
		if n.lie != nil {
			n.lie(&sums)
		}
		return (&types.QuerySumsResponse{Sums: sums}).Marshal()
	}
	return nil, fmt.Errorf("unknown path %s", path)
}

// behindRPC asks a node for everything, and sends without one.
type behindRPC struct {
	compute.Chain
	to *ownersChain
}

func (c behindRPC) Send(ctx context.Context, msg sdk.Msg) error { return c.to.Send(ctx, msg) }

// clientOf is a context of a node.
func clientOf(t *testing.T, address string) client.Context {
	t.Helper()
	node, err := client.NewClientFromNode(address)
	require.NoError(t, err)
	return client.Context{}.WithClient(node).WithNodeURI(address)
}

// followRPC follows a job at a node with others beside it.
func followRPC(t *testing.T, c *ownersChain, home string, run *compute.SavedRun, node string, others ...string) (compute.Answer, string, error) {
	t.Helper()
	clientCtx := clientOf(t, node)
	var out bytes.Buffer
	r, err := compute.NewReader(behindRPC{compute.NewNodeChain(clientCtx), c}, home, run, &out)
	require.NoError(t, err)
	require.NoError(t, r.Witnesses(t.Context(), clientCtx, chainID, others...))
	_, err = r.Follow(t.Context())
	return r.Answer(), out.String(), err
}

// TestLyingNode: a proxy in front of an honest node changes what the reader sees. Alone it makes the reader show its key, or believe a
// wrong sum; with the honest node beside it, it is found out before anything is sent.
func TestLyingNode(t *testing.T) {
	home, run, c := newRun(t, moments, 1, false)
	_, honest := newRPC(t, "honest", c)
	proxy, liar := newRPC(t, "liar", c)
	answer, _, err := followRPC(t, c, home, run, liar, honest)
	require.NoError(t, err, "a proxy that changes nothing")
	require.Equal(t, "2016", answer.Result().Table.Rows[0][2])
	require.Equal(t, []string{"accept"}, kinds(c))
	require.Positive(t, proxy.asked["Sums"])

	// The sums of other owners under the same job: all of it agrees with itself.
	other := func(t *testing.T, run *compute.SavedRun) *ownersChain {
		t.Helper()
		copied := *run
		forged := newOwnersChain(t, &copied, moments, 1, false, []int64{1000, 1000}, []int64{1000}, []int64{1000})
		forged.job.Spec.ReaderKey = nil
		return forged
	}
	for name, tt := range map[string]struct {
		set  func(t *testing.T, c *ownersChain, run *compute.SavedRun, proxy *rpc)
		what string
		// alone is what the reader would send if it asked the proxy alone.
		alone []string
	}{
		"the sum of others": {func(t *testing.T, c *ownersChain, run *compute.SavedRun, proxy *rpc) {
			forged := other(t, run)
			forged.job.Spec.ReaderKey = c.job.Spec.ReaderKey
			forged.sum()
			proxy.lie = func(s *types.RoundSums) { *s = forged.rounds[1] }
			proxy.lieJob = func(j *types.Job) { j.Seats = forged.job.Seats }
		}, "commitments of round 1", []string{"accept"}},
		"commitments in sums and job": {func(_ *testing.T, _ *ownersChain, _ *compute.SavedRun, proxy *rpc) {
			proxy.lie = func(s *types.RoundSums) { s.Commitments[0] = s.Commitments[1] }
			proxy.lieJob = func(j *types.Job) { j.Seats[0].Commitment = j.Seats[1].Commitment }
		}, "commitments of round 1", []string{"dispute"}},
		"a sealed sum": {func(_ *testing.T, _ *ownersChain, _ *compute.SavedRun, proxy *rpc) {
			proxy.lie = func(s *types.RoundSums) {
				s.Sums = slices.Clone(s.Sums)
				s.Sums[0].Sealed = s.Sums[1].Sealed
			}
		}, "sums of round 1", []string{"dispute"}},
		"the number of contributions": {func(_ *testing.T, _ *ownersChain, _ *compute.SavedRun, proxy *rpc) {
			proxy.lie = func(s *types.RoundSums) { s.Valid, s.Owners = 2, 2 }
			proxy.lieJob = func(j *types.Job) { j.Valid = 2 }
		}, "numbers of contributions of round 1", []string{"dispute"}},
		"the terms": {func(_ *testing.T, _ *ownersChain, _ *compute.SavedRun, proxy *rpc) {
			proxy.lieJob = func(j *types.Job) { j.Spec.MinCohort = 1 }
		}, "terms of job " + jobID, []string{"accept"}},
	} {
		t.Run(name, func(t *testing.T) {
			home, run, c := newRun(t, moments, 1, false)
			proxy, liar := newRPC(t, "liar", c)
			_, honest := newRPC(t, "honest", c)
			tt.set(t, c, run, proxy)
			answer, out, err := followRPC(t, c, home, run, liar, honest)
			require.ErrorIs(t, err, compute.ErrNodesDiffer)
			require.ErrorContains(t, err, liar+" and "+honest+" have different "+tt.what)
			require.Nil(t, answer.Result())
			require.Empty(t, c.sent)
			require.NotContains(t, out, "disput")
			kept, err := compute.LoadRun(home, jobID)
			require.NoError(t, err)
			require.Len(t, kept.ReaderKeys, 1)

			// It is the same whichever of both is asked first.
			_, _, err = followRPC(t, c, home, run, honest, liar)
			require.ErrorIs(t, err, compute.ErrNodesDiffer)
			require.ErrorContains(t, err, honest+" and "+liar+" have different "+tt.what)
			require.Empty(t, c.sent)
		})
		t.Run(name+", alone", func(t *testing.T) {
			home, run, c := newRun(t, moments, 1, false)
			proxy, liar := newRPC(t, "liar", c)
			tt.set(t, c, run, proxy)
			_, _, _ = followRPC(t, c, home, run, liar)
			require.NotEmpty(t, c.tried)
			require.Equal(t, tt.alone[0], kindOf(c.tried[0]))
		})
	}
}

// slow is a second node that is behind for a number of questions.
type slow struct {
	compute.Chain
	behind  int
	attempt uint32
}

func (s *slow) Sums(ctx context.Context, id string, round uint32) (types.RoundSums, error) {
	if s.behind > 0 {
		s.behind--
		return types.RoundSums{}, status.Error(codes.NotFound, "no sums yet")
	}
	sums, err := s.Chain.Sums(ctx, id, round)
	sums.Attempt += s.attempt
	return sums, err
}

// TestWitnessBehind: a second node that comes later is waited for; without it nothing is sent, and the run can go on.
func TestWitnessBehind(t *testing.T) {
	home, run, c := newRun(t, median, 20, false)
	c.liar[2] = 1
	r, err := compute.NewReader(c, home, run, &bytes.Buffer{})
	require.NoError(t, err)
	r.Witness("first", "second", &slow{Chain: c, behind: 40})
	r.Witness("first", "third", &slow{Chain: c, behind: 5})
	_, err = r.Follow(t.Context())
	require.NoError(t, err)
	checkMedian(t, r.Answer())
	require.Equal(t, []string{"accept", "next", "dispute", "accept", "next", "accept", "done"}, kinds(c), "a seat that lies is disputed")

	for _, s := range []*slow{{behind: 1 << 30}, {attempt: 1}} {
		home, run, c := newRun(t, moments, 1, false)
		s.Chain = c
		r, err := compute.NewReader(c, home, run, &bytes.Buffer{})
		require.NoError(t, err)
		r.Witness("first", "second", s)
		_, err = r.Follow(t.Context())
		require.ErrorContains(t, err, "check node second: ")
		require.ErrorContains(t, err, "nothing is believed without the other node; go on with `alitad compute result "+jobID+"`")
		require.Nil(t, r.Answer().Result())
		require.Empty(t, c.sent)
	}
}

// TestWitnessAddresses: a second node is another one, on the same chain.
func TestWitnessAddresses(t *testing.T) {
	home, run, c := newRun(t, moments, 1, false)
	_, first := newRPC(t, "first", c)
	_, again := newRPC(t, "first", c)
	elsewhere, other := newRPC(t, "other", c)
	elsewhere.network = "alita-test-2"
	r, err := compute.NewReader(c, home, run, &bytes.Buffer{})
	require.NoError(t, err)
	for address, want := range map[string]string{
		again:                    "it is the same node as " + first + ", expected another one",
		first:                    "it is the same node as " + first,
		other:                    "it is on chain alita-test-2, expected alita-test-1",
		"tcp://127.0.0.1:1":      "--check-node tcp://127.0.0.1:1: ",
		"tcp://no host:\x00/::1": "expected an address such as tcp://host:26657",
	} {
		require.ErrorContains(t, r.Witnesses(t.Context(), clientOf(t, first), chainID, address), want)
	}
	elsewhere.network = chainID
	require.NoError(t, r.Witnesses(t.Context(), clientOf(t, first), chainID, other))
}

// TestWitnessOfDirectDelivery: what owners attested is compared as well.
func TestWitnessOfDirectDelivery(t *testing.T) {
	for _, lie := range []bool{false, true} {
		home, run, c := newRun(t, moments, 1, false)
		c.job.Spec.Delivery, c.job.Spec.Secure, c.job.Status = types.DELIVERY_DIRECT, nil, types.JOB_STATUS_SETTLED
		r, err := compute.NewReader(c, home, run, &bytes.Buffer{})
		require.NoError(t, err)
		r.Witness("first", "second", &otherAttestation{c, lie})
		_, err = r.Follow(t.Context())
		if !lie {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, compute.ErrNodesDiffer)
		require.ErrorContains(t, err, "first and second have different contributions to job "+jobID)
	}
}

type otherAttestation struct {
	compute.Chain
	lie bool
}

func (o *otherAttestation) Contributions(ctx context.Context, id string) ([]types.Contribution, error) {
	all, err := o.Chain.Contributions(ctx, id)
	if o.lie {
		all[1].Attestation.ResultCommitment = []byte("another")
	}
	return all, err
}

// The second nodes are kept for `compute result`.
func TestCheckNodesAreKept(t *testing.T) {
	home, run, _ := newRun(t, moments, 1, false)
	run.CheckNodes = []string{"tcp://a:26657", "tcp://b:26657"}
	require.NoError(t, run.Save(home))
	again, err := compute.LoadRun(home, jobID)
	require.NoError(t, err)
	require.Equal(t, run.CheckNodes, again.CheckNodes)
}
