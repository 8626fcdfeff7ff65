using System.Text;

namespace OrleansCache.Bench.Harness;

/// <summary>A Markdown table with a heading, padded so that it can be read in a terminal too.</summary>
internal sealed class Table(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public Table Add(params string[] cells)
    {
        if (cells.Length != columns.Length) throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns.", nameof(cells));
        _rows.Add(cells);
        return this;
    }

    public override string ToString()
    {
        var widths = columns.Select((name, i) => _rows.Select(row => row[i].Length).Append(name.Length).Max()).ToArray();
        var text = new StringBuilder().Append("### ").AppendLine(title).AppendLine();
        Append(text, columns, widths);
        Append(text, [.. widths.Select(width => new string('-', width))], widths);
        foreach (var row in _rows) Append(text, row, widths);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string[] cells, int[] widths)
    {
        for (var i = 0; i < cells.Length; i++) text.Append("| ").Append(cells[i].PadRight(widths[i])).Append(' ');
        text.AppendLine("|");
    }
}
