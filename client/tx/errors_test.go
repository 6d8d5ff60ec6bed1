package tx_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/tx"
)

func TestRefusal(t *testing.T) {
	for name, c := range map[string]struct{ log, want string }{
		"of a block": {
			"failed to execute message; message index: 0: pool 9: pool not found", "pool 9: pool not found",
		},
		"of a simulation": {
			"rpc error: code = Unknown desc = rpc error: code = NotFound desc = failed to execute message; message index: 0: pool 9: pool not found [/x/baseapp.go:1085] with gas used: '51532'",
			"pool 9: pool not found",
		},
		"before the messages": {
			"rpc error: code = Unknown desc = insufficient fees; got: 1ualita", "insufficient fees; got: 1ualita",
		},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, tx.Refusal(c.log)) })
	}
	require.Equal(t, "no such pool", tx.Plain(errors.New("rpc error: code = NotFound desc = rpc error: code = NotFound desc = no such pool")))
}
