package compute

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/x/compute/types"
)

const flagCheckNode = "check-node"

var (
	// errNodesDiffer means that two nodes show different chains; which of them lies is not known.
	errNodesDiffer = errors.New("nodes contradict each other, and nothing was sent; ask a third one with --" + flagCheckNode)
	// errBehind means that a second node cannot tell yet, or does not answer.
	errBehind = errors.New("nothing is believed without the other node")
)

// witnessTimeout bounds a question to a second node.
const witnessTimeout = 15 * time.Second

// witness is a second node, with which what sums are verified against is compared.
type witness struct {
	name  string
	chain witnessChain
}

// witnessChain is the part of a chain that a witness is asked for.
type witnessChain interface {
	Job(ctx context.Context, jobID string) (types.Job, int64, error)
	Program(ctx context.Context, id string) (types.Program, error)
	Sums(ctx context.Context, jobID string, round uint32) (types.RoundSums, error)
	Contributions(ctx context.Context, jobID string) ([]types.Contribution, error)
}

func addCheckNodeFlag(f *pflag.FlagSet) {
	f.StringArray(flagCheckNode, nil, "RPC address of another node, whose commitments, sums and job must be the same as those of --node before anything is accepted or disputed; several are possible")
}

// openWitnesses connects to the second nodes. They must be others than the first one and than each other, on its chain.
func openWitnesses(ctx context.Context, clientCtx client.Context, chainID string, addresses []string) ([]witness, error) {
	if len(addresses) == 0 {
		return nil, nil
	}
	first, err := clientCtx.Client.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", clientCtx.NodeURI, err)
	}
	known := map[string]string{string(first.NodeInfo.DefaultNodeID): clientCtx.NodeURI}
	var all []witness
	for _, address := range addresses {
		node, err := client.NewClientFromNode(address)
		if err != nil {
			return nil, fmt.Errorf("--%s %s: %w; expected an address such as tcp://host:26657", flagCheckNode, address, err)
		}
		call, cancel := context.WithTimeout(ctx, witnessTimeout)
		status, err := node.Status(call)
		cancel()
		if err != nil {
			return nil, fmt.Errorf("--%s %s: %w", flagCheckNode, address, err)
		}
		if got := status.NodeInfo.Network; got != chainID {
			return nil, fmt.Errorf("--%s %s: it is on chain %s, expected %s", flagCheckNode, address, got, chainID)
		}
		id := string(status.NodeInfo.DefaultNodeID)
		if same, twice := known[id]; twice {
			return nil, fmt.Errorf("--%s %s: it is the same node as %s, expected another one", flagCheckNode, address, same)
		}
		known[id] = address
		of := clientCtx.WithClient(node).WithNodeURI(address).WithGRPCClient(nil)
		all = append(all, witness{name: address, chain: nodeChain{clientCtx: of}})
	}
	return all, nil
}

// behind is the error of a witness that cannot tell; asking again may help.
func (w witness) behind(format string, args ...any) error {
	// What is not found there is no reason to give the job up, so the error is told, not wrapped.
	return fmt.Errorf("check node %s: %s: %w", w.name, fmt.Sprintf(format, args...), errBehind)
}

// differs is the error of nodes that contradict each other.
func (w witness) differs(node, what string) error {
	return &finalError{fmt.Errorf("%s and %s have different %s: %w", node, w.name, what, errNodesDiffer)}
}

// protoMessage is a generated message.
type protoMessage interface{ Marshal() ([]byte, error) }

func same(a, b protoMessage) bool {
	x, err := a.Marshal()
	y, err2 := b.Marshal()
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// compareJob compares what a job is.
func (w witness) compareJob(ctx context.Context, node string, job types.Job) error {
	theirs, _, err := w.chain.Job(ctx, job.Id)
	if err != nil {
		return w.behind("job %s: %s", job.Id, err)
	}
	if theirs.Round != job.Round || theirs.Attempt != job.Attempt {
		return w.behind("the job is in round %d, attempt %d there, in round %d, attempt %d at %s", theirs.Round, theirs.Attempt, job.Round, job.Attempt, node)
	}
	facts := func(j types.Job) *types.Job {
		return &types.Job{Id: j.Id, Consumer: j.Consumer, Spec: j.Spec, Vdaf: j.Vdaf}
	}
	if !same(facts(theirs), facts(job)) {
		return w.differs(node, "terms of job "+job.Id)
	}
	return nil
}

// compareSums compares all that the sums of a round are verified by, and the sums.
func (w witness) compareSums(ctx context.Context, node string, job types.Job, program types.Program, sums types.RoundSums) error {
	ctx, cancel := context.WithTimeout(ctx, witnessTimeout)
	defer cancel()
	if err := w.compareJob(ctx, node, job); err != nil {
		return err
	}
	theirProgram, err := w.chain.Program(ctx, job.Spec.ProgramId)
	if err != nil {
		return w.behind("program %s: %s", job.Spec.ProgramId, err)
	}
	if !same(&theirProgram, &program) {
		return w.differs(node, "statements of program "+program.Id)
	}
	theirs, err := w.chain.Sums(ctx, job.Id, sums.Round)
	if err != nil {
		return w.behind("%s", err)
	}
	if theirs.Attempt != sums.Attempt {
		return w.behind("the sums of round %d are those of attempt %d there, of attempt %d at %s", sums.Round, theirs.Attempt, sums.Attempt, node)
	}
	for _, part := range []struct {
		what string
		same bool
	}{
		{"numbers of contributions", theirs.Valid == sums.Valid && theirs.Owners == sums.Owners},
		{"seats", slices.Equal(theirs.Operators, sums.Operators)},
		{"commitments", slices.EqualFunc(theirs.Commitments, sums.Commitments, bytes.Equal)},
		{"inputs", bytes.Equal(theirs.Input, sums.Input)},
		{"reader's keys", bytes.Equal(theirs.ReaderKey, sums.ReaderKey)},
		{"sums", same(&theirs, &sums)},
	} {
		if !part.same {
			return w.differs(node, fmt.Sprintf("%s of round %d", part.what, sums.Round))
		}
	}
	return nil
}

// compareContributions compares what owners have attested in a job of direct delivery that is over.
func (w witness) compareContributions(ctx context.Context, node string, job types.Job, contributions []types.Contribution) error {
	ctx, cancel := context.WithTimeout(ctx, witnessTimeout)
	defer cancel()
	if err := w.compareJob(ctx, node, job); err != nil {
		return err
	}
	theirs, err := w.chain.Contributions(ctx, job.Id)
	if err != nil {
		return w.behind("%s", err)
	}
	equal := slices.EqualFunc(theirs, contributions, func(a, b types.Contribution) bool {
		return a.Owner == b.Owner && same(&a.Attestation, &b.Attestation)
	})
	if !equal {
		return w.differs(node, "contributions to job "+job.Id)
	}
	return nil
}
