package layout_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// consensusPackages hold what every validator must compute alike. Linters ban names in the same
// folders (forbidigo in .golangci.yml); this test finds what has no name. x/metadata/jsonld answers
// queries only.
var consensusPackages = words("app crypto/... internal/bankstore internal/modulekit metering terms/... " +
	"x/compute x/compute/keeper x/compute/types x/datapool x/datapool/keeper x/datapool/types " +
	"x/datapool/amm x/datapool/ledger x/feemarket x/feemarket/keeper x/feemarket/types x/metadata x/metadata/keeper x/metadata/types")

// outsideConsensus are files of these packages that no block depends on: how a node collects garbage, what its command line
// and its interfaces show, and how many simulations it runs at once.
var outsideConsensus = words("app/collector.go app/node_service.go app/routes.go app/simulate.go")

// source is a type-checked package.
type source struct {
	fset  *token.FileSet
	files []*ast.File
	info  types.Info
}

// compiled is what the compiler has left of packages and of all that they import.
type compiled struct {
	// export holds the file of each package's export data.
	export map[string]string
	// files are the Go files of the packages themselves.
	files map[string][]string
}

func compile(t *testing.T, patterns ...string) compiled {
	t.Helper()
	cmd := exec.Command("go", append([]string{
		"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Dir}}\t{{.DepOnly}}\t{{join .GoFiles \" \"}}",
	}, patterns...)...)
	cmd.Dir = root
	var failure bytes.Buffer
	cmd.Stderr = &failure
	out, err := cmd.Output()
	require.NoError(t, err, failure.String())
	c := compiled{export: map[string]string{}, files: map[string][]string{}}
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		c.export[fields[0]] = fields[1]
		if fields[3] == "false" {
			for name := range strings.FieldsSeq(fields[4]) {
				c.files[fields[0]] = append(c.files[fields[0]], filepath.Join(fields[2], name))
			}
		}
	}
	return c
}

// check type-checks the files of a package.
func (c compiled) check(t *testing.T, path string, fset *token.FileSet, files ...*ast.File) source {
	t.Helper()
	s := source{fset: fset, files: files, info: types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
	}}
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if c.export[path] == "" {
			return nil, fmt.Errorf("package %s: expected export data", path)
		}
		return os.Open(c.export[path])
	})}
	_, err := config.Check(path, fset, files, &s.info)
	require.NoError(t, err)
	return s
}

// TestConsensusIsDeterministic finds, in code that is not generated, what may differ between
// validators: the order of a map, goroutines, selects and floating-point numbers.
func TestConsensusIsDeterministic(t *testing.T) {
	var patterns []string
	for _, p := range consensusPackages {
		patterns = append(patterns, "./"+p)
	}
	c := compile(t, patterns...)
	require.GreaterOrEqual(t, len(c.files), len(consensusPackages))
	for path, names := range c.files {
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range names {
			file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
			require.NoError(t, err)
			files = append(files, file)
		}
		s := c.check(t, path, fset, files...)
		for _, file := range files {
			name := filepath.ToSlash(fset.Position(file.Pos()).Filename)
			outside := slices.ContainsFunc(outsideConsensus, func(f string) bool { return strings.HasSuffix(name, "/"+f) })
			// A program makes tables before the chain runs.
			if outside || ast.IsGenerated(file) || file.Name.Name == "main" {
				continue
			}
			for _, f := range s.faults(file) {
				t.Error(f)
			}
		}
	}
}

// faults lists what a file must not have, by line.
func (s source) faults(file *ast.File) (faults []string) {
	found := func(at ast.Node, what string) {
		p := s.fset.Position(at.Pos())
		if fault := fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, what); !slices.Contains(faults, fault) {
			faults = append(faults, fault)
		}
	}
	sorted := map[ast.Expr]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found(n, "starts a goroutine: expected one order of events")
		case *ast.SelectStmt:
			found(n, "selects: expected one order of events")
		case *ast.RangeStmt:
			if is[*types.Map](s.info.TypeOf(n.X)) {
				found(n, "ranges over a map: expected an order that does not differ, such as slices.Sorted(maps.Keys(m))")
			}
		case *ast.CallExpr:
			// slices.Sorted(maps.Keys(m)) is how a map gets an order.
			if strings.HasPrefix(s.called(n), "slices.Sorted") && len(n.Args) > 0 {
				sorted[n.Args[0]] = true
			}
			switch s.called(n) {
			case "maps.Keys", "maps.Values", "maps.All":
				if !sorted[n] {
					found(n, s.called(n)+" of no order: expected slices.Sorted around it")
				}
			}
		case ast.Expr:
			if basic, ok := s.info.TypeOf(n).(*types.Basic); ok && basic.Info()&(types.IsFloat|types.IsComplex) != 0 {
				found(n, "is a floating-point number: expected an integer")
				return false
			}
		}
		return true
	})
	return faults
}

// called names the function of a call, "package.Name", empty if it is not a package's function.
func (s source) called(call *ast.CallExpr) string {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if f, ok := s.info.Uses[selector.Sel].(*types.Func); ok && f.Pkg() != nil {
		return f.Pkg().Path() + "." + f.Name()
	}
	return ""
}

// is reports whether a type is of a kind, under its name.
func is[T types.Type](of types.Type) bool {
	if of == nil {
		return false
	}
	_, ok := of.Underlying().(T)
	return ok
}

// TestFaultsAreFound shows the rules a file that breaks each of them.
func TestFaultsAreFound(t *testing.T) {
	const code = `package p

import ("maps"; "slices")

var m map[string]int

func f(c chan int) {
	for range m {
	}
	go f(c)
	select {
	case <-c:
	}
	_ = slices.Collect(maps.Keys(m))
	_ = slices.Sorted(maps.Keys(m))
	var x float64
	_ = x
	for range []int{1} {
	}
}
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", code, 0)
	require.NoError(t, err)
	s := compile(t, "maps", "slices").check(t, "p", fset, file)
	var lines []string
	for _, f := range s.faults(file) {
		lines = append(lines, strings.Split(f, ":")[1])
	}
	require.Equal(t, []string{"8", "10", "11", "14", "16", "17"}, lines)
}
