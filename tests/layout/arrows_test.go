// Package layout_test holds the rules of the source tree that no compiler checks: which room may
// import which, what the state machine may not use, and what the documents promise about the tree.
package layout_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/alita-network/alita/"

// room is a part of the tree, which is a folder with everything below it.
type room struct {
	// path is the folder; a * stands for one name. The longest path that fits a package is its room.
	path string
	// imports are the rooms that it may import, in addition to itself.
	imports []string
	// tests are the rooms that only its tests may import.
	tests []string
}

// rooms are the tree of docs/DESIGN.md from the bottom to the top. A room imports only rooms that
// are listed before it, so there is no circle.
var rooms = []room{
	// Pure functions.
	{path: "metering", tests: words("sandbox internal")},
	{path: "crypto"},
	{path: "internal"},
	{path: "docs/openapi"},
	// The node's interfaces, generated without the SDK.
	{path: "api"},
	// A light client: what a node says counts only if the chain proves it.
	{path: "light"},
	// What a lying node may answer.
	{path: "testutil/lies", imports: words("api light")},
	// What chain, worker and payer must judge alike.
	{path: "terms", imports: words("crypto metering")},
	// Rows, programs, and who runs them.
	{path: "rows", imports: words("crypto terms")},
	{path: "sandbox", imports: words("metering rows terms"), tests: words("programs")},
	{path: "programs", imports: words("terms"), tests: words("analysis sandbox rows metering testutil/programtest")},
	{path: "testutil/programtest", imports: words("programs sandbox")},
	{path: "analysis", imports: words("programs sandbox rows terms crypto metering"), tests: words("testutil/programtest")},
	{
		path: "node", imports: words("terms rows sandbox crypto metering api light"),
		// The chain's own types are the other half of what both must judge alike; the payer reads the answers.
		tests: words("x/*/types programs analysis testutil/lies"),
	},
	// The state machine. Modules see each other's types, and keepers only by expected_keepers.go.
	{path: "x/datapool/amm"},
	{path: "x/datapool/ledger", tests: words("x/datapool/types x/datapool/testutil")},
	{path: "x/clock/types"},
	{path: "x/datapool/types", imports: words("x/datapool/amm terms")},
	{path: "x/feemarket/types"},
	{path: "x/metadata/types", imports: words("x/datapool/types terms crypto")},
	{path: "x/metadata/jsonld/vocab"},
	{path: "x/metadata/jsonld", imports: words("x/metadata/jsonld/vocab x/metadata/types x/datapool/types"), tests: words("testutil/datasets")},
	{path: "x/compute/types", imports: words("x/metadata/types x/datapool/types terms crypto metering")},
	{
		path: "x/datapool/keeper", imports: words("x/datapool/types x/datapool/amm x/datapool/ledger internal"),
		tests: words("x/datapool/testutil"),
	},
	{path: "x/feemarket/keeper", imports: words("x/feemarket/types internal")},
	{
		path: "x/metadata/keeper", imports: words("x/metadata/types x/metadata/jsonld x/datapool/types terms internal"),
		tests: words("x/metadata/testutil x/datapool/keeper crypto"),
	},
	{
		path: "x/compute/keeper", imports: words("x/compute/types x/metadata/types x/datapool/types terms crypto metering internal"),
		tests: words("programs x/metadata/keeper x/metadata/testutil"),
	},
	{path: "x/clock/keeper", imports: words("x/clock/types")},
	{path: "x/clock", imports: words("x/clock/keeper x/clock/types internal")},
	{path: "x/datapool", imports: words("x/datapool/keeper x/datapool/types internal"), tests: words("x/datapool/testutil")},
	{path: "x/feemarket", imports: words("x/feemarket/keeper x/feemarket/types internal"), tests: words("app testutil/app")},
	{path: "x/metadata", imports: words("x/metadata/keeper x/metadata/types internal"), tests: words("x/metadata/testutil")},
	{path: "x/compute", imports: words("x/compute/keeper x/compute/types internal"), tests: words("testutil/app programs terms x/feemarket/types")},
	{path: "x/datapool/testutil", imports: words("x/datapool x/datapool/keeper x/datapool/types internal")},
	{path: "x/metadata/testutil", imports: words("x/metadata x/metadata/keeper x/metadata/types x/datapool/testutil x/datapool/keeper x/datapool/types crypto")},
	{
		path: "tests/simulation", imports: words("x/*/keeper x/*/types programs crypto terms"),
		tests: words("x/*/testutil"),
	},
	{
		path: "app", imports: words("terms x/* x/*/keeper x/*/types internal docs/openapi"),
		tests: words("x/datapool/ledger testutil/app tests/simulation"),
	},
	// Libraries for those who send transactions.
	{
		path:    "client",
		imports: words("x/*/types x/metadata/jsonld/vocab analysis programs rows terms crypto light internal"),
		tests:   words("sandbox x/datapool/amm x/metadata/jsonld testutil/* x/*/testutil devnet"),
	},
	// Programs.
	{path: "cmd/alita-worker", imports: words("node light analysis programs sandbox rows terms metering crypto internal")},
	{
		path:    "cmd/alitad",
		imports: words("app client analysis programs rows terms metering crypto light internal x/*/types x/metadata/jsonld"),
		tests:   words("x/*/testutil testutil/app testutil/rpcnode"),
	},
	// Networks on this machine, fixtures and suites. Nothing above imports them but tests.
	{path: "testutil/app", imports: words("app x/datapool/types x/feemarket/types")},
	{path: "testutil/rpcnode", imports: words("testutil/app app light internal programs terms crypto x/*/types")},
	{path: "testutil/canary"},
	{path: "testutil/datasets", imports: words("x/metadata/jsonld x/*/types")},
	{path: "devnet", imports: words("node programs x/*/types x/datapool/amm")},
	{path: "scripts", imports: words("internal")},
	{
		path:    "tests",
		imports: words("node api crypto"),
		tests:   words("app devnet docs/openapi testutil/* tests/simulation x/* x/*/keeper x/*/types analysis programs sandbox rows terms metering internal light"),
	},
}

// banned are packages of others that a room does not link, not even through another package.
var banned = []struct{ rooms, packages []string }{
	// The worker is small and links for Android: no SDK, no network stack of a node.
	{
		words("metering crypto api light terms rows sandbox programs analysis node cmd/alita-worker"),
		words("github.com/cosmos/cosmos-sdk github.com/cometbft github.com/cosmos/cosmos-db github.com/libp2p " +
			"github.com/wlynxg/anet github.com/grpc-ecosystem"),
	},
	{words("metering crypto terms rows"), words("google.golang.org/protobuf google.golang.org/grpc github.com/cosmos")},
	// The chain judges programs statically and runs none.
	{words("metering crypto terms x app"), words("github.com/tetratelabs/wazero")},
}

// bannedImports are packages that a room itself does not import; what it links may.
var bannedImports = []struct{ rooms, packages []string }{
	{words("client x terms analysis programs node"), words("github.com/spf13/cobra github.com/spf13/pflag")},
	// A seat and a worker run apart: what both need is in node/home and the rooms next to it.
	{words("node/seat"), words(module + "node/worker")},
	{words("node/worker"), words(module + "node/seat")},
	// The modules of the SDK link its test helpers; our programs do not import them.
	{words("app cmd"), words("github.com/cosmos/cosmos-sdk/testutil github.com/stretchr/testify pgregory.net/rapid")},
}

func words(text string) []string { return strings.Fields(text) }

// listed is what go list says about a package.
type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
	Deps                               []string
}

// goList lists the packages of this module that a pattern names.
func goList(t *testing.T, pattern ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{
		"list", "-json=ImportPath,Imports,TestImports,XTestImports,Deps",
	}, pattern...)...)
	cmd.Dir = root
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		require.NoError(t, err, string(failed.Stderr))
	}
	require.NoError(t, err)
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, p)
	}
}

// under reports whether a folder lies in the folder that a pattern names, and in how many names the
// pattern says so.
func under(folder, pattern string) (depth int, ok bool) {
	names, parts := strings.Split(folder, "/"), strings.Split(pattern, "/")
	if len(names) < len(parts) {
		return 0, false
	}
	for i, part := range parts {
		if match, err := path.Match(part, names[i]); err != nil || !match {
			return 0, false
		}
	}
	// A name counts for more than a star.
	return 2*len(parts) - strings.Count(pattern, "*"), true
}

// roomOf returns the room of a folder.
func roomOf(folder string) (found room, ok bool) {
	best := 0
	for _, r := range rooms {
		if depth, fits := under(folder, r.path); fits && depth > best {
			found, best, ok = r, depth, true
		}
	}
	return found, ok
}

// allows reports whether one of the patterns means the room.
func allows(patterns []string, r room) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		return pattern == r.path || covers(pattern, r.path)
	})
}

// covers reports whether a pattern with stars means the path of a room.
func covers(pattern, roomPath string) bool {
	match, err := path.Match(pattern, roomPath)
	return err == nil && match
}

// ours returns the folder of a package of this module.
func ours(importPath string) (string, bool) { return strings.CutPrefix(importPath, module) }

func TestRoomsAreListedFromBelow(t *testing.T) {
	for i, r := range rooms {
		for _, imported := range r.imports {
			found := slices.IndexFunc(rooms, func(o room) bool { return o.path == imported || covers(imported, o.path) })
			require.GreaterOrEqual(t, found, 0, "%s imports %s: expected a room", r.path, imported)
			for j, o := range rooms {
				if o.path == imported || covers(imported, o.path) {
					require.Less(t, j, i, "%s imports %s: expected a room that is listed before it", r.path, o.path)
				}
			}
		}
	}
}

// arrow is an import of a package of one room by a package of another.
type arrow struct{ from, to string }

// TestArrows compares every import between our packages with the table, and the table with the picture.
func TestArrows(t *testing.T) {
	used := map[string]bool{}
	arrows, inTests := map[arrow]bool{}, map[arrow]bool{}
	for _, p := range goList(t, "./...") {
		folder, ok := ours(p.ImportPath)
		require.True(t, ok, p.ImportPath)
		r, ok := roomOf(folder)
		if !ok {
			t.Errorf("%s: expected a room in the table of this test and in docs/DESIGN.md", folder)
			continue
		}
		// The state machine has no rooms but the listed ones: a folder below a module would have the module's arrows.
		if _, inX := under(folder, "x"); inX && folder != r.path {
			t.Errorf("%s: expected a room of its own in the table of this test", folder)
		}
		used[r.path] = true
		check := func(imports, allowed []string, found map[arrow]bool, what string) {
			for _, imported := range imports {
				to, ok := ours(imported)
				if !ok {
					continue
				}
				other, ok := roomOf(to)
				if !ok || (other.path != r.path && !allows(allowed, other)) {
					t.Errorf("%s imports %s%s: expected only %s", folder, to, what, strings.Join(allowed, ", "))
				}
				found[arrow{r.path, other.path}] = true
			}
		}
		check(p.Imports, r.imports, arrows, "")
		allowed := append(slices.Clone(r.imports), r.tests...)
		check(p.TestImports, allowed, inTests, " in tests")
		check(p.XTestImports, allowed, inTests, " in tests")
	}
	for _, r := range rooms {
		require.True(t, used[r.path], "room %s: expected a package in it", r.path)
		for _, pattern := range r.imports {
			if !uses(arrows, r, pattern) {
				t.Errorf("%s may import %s: expected a package that does", r.path, pattern)
			}
		}
		for _, pattern := range r.tests {
			if !uses(inTests, r, pattern) {
				t.Errorf("tests of %s may import %s: expected one that does", r.path, pattern)
			}
		}
	}
	comparePicture(t, arrows)
}

// uses reports whether a room imports a room that the pattern means.
func uses(arrows map[arrow]bool, r room, pattern string) bool {
	return slices.ContainsFunc(rooms, func(to room) bool { return arrows[arrow{r.path, to.path}] && allows([]string{pattern}, to) })
}

// TestWhatIsNotLinked checks what lies outside this module.
func TestWhatIsNotLinked(t *testing.T) {
	for _, p := range goList(t, "./...") {
		folder, _ := ours(p.ImportPath)
		in := func(paths []string) bool {
			return slices.ContainsFunc(paths, func(pattern string) bool { _, ok := under(folder, pattern); return ok })
		}
		check := func(imports, packages []string, verb string) {
			for _, imported := range imports {
				for _, ban := range packages {
					if imported == ban || strings.HasPrefix(imported, ban+"/") {
						t.Errorf("%s %s %s: expected it not to", folder, verb, imported)
					}
				}
			}
		}
		for _, rule := range banned {
			if in(rule.rooms) {
				check(p.Deps, rule.packages, "links")
			}
		}
		for _, rule := range bannedImports {
			if in(rule.rooms) {
				check(p.Imports, rule.packages, "imports")
			}
		}
	}
}
