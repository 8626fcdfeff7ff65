namespace OrleansCache.Core.Tests.Prompts.Memory;

/// <summary>A bounded memory over plain lists: the first of a list leaves first.</summary>
internal abstract class Reference(int capacity)
{
    protected Dictionary<int, int> Charges { get; } = [];

    public List<int> Victims { get; } = [];

    public int Capacity { get; } = capacity;

    public int Bytes => Charges.Values.Sum();

    public void Add(int id, int bytes)
    {
        var held = Charges.Remove(id);
        if (held) TakeOut(id);
        while (Bytes + bytes > Capacity)
        {
            var victim = Victim();
            Charges.Remove(victim);
            Victims.Add(victim);
        }

        Charges[id] = bytes;
        PutIn(id, held);
    }

    public bool Remove(int id)
    {
        if (!Charges.Remove(id)) return false;
        TakeOut(id);
        return true;
    }

    public void Touch(int id)
    {
        if (Charges.ContainsKey(id)) Hit(id);
    }

    protected abstract void PutIn(int id, bool held);

    protected abstract void TakeOut(int id);

    protected abstract void Hit(int id);

    protected abstract int Victim();

    protected static int TakeFirst(List<int> list)
    {
        var first = list[0];
        list.RemoveAt(0);
        return first;
    }
}

internal class FifoReference(int capacity) : Reference(capacity)
{
    protected List<int> Order { get; } = [];

    protected override void PutIn(int id, bool held) => Order.Add(id);

    protected override void TakeOut(int id) => Order.Remove(id);

    protected override void Hit(int id)
    {
    }

    protected override int Victim() => TakeFirst(Order);
}

internal sealed class LruReference(int capacity) : FifoReference(capacity)
{
    protected override void Hit(int id)
    {
        Order.Remove(id);
        Order.Add(id);
    }
}

internal sealed class LfuReference(int capacity) : Reference(capacity)
{
    private readonly Dictionary<int, (int Hits, long Since)> _nodes = [];
    private readonly Dictionary<int, int> _hitsBefore = [];
    private long _time;
    private int _uses;

    protected override void PutIn(int id, bool held)
    {
        _nodes[id] = (held ? _hitsBefore[id] : 0, _time++);
        Use();
    }

    protected override void TakeOut(int id)
    {
        _hitsBefore[id] = _nodes[id].Hits;
        _nodes.Remove(id);
    }

    protected override void Hit(int id)
    {
        _nodes[id] = (Math.Min(63, _nodes[id].Hits + 1), _time++);
        Use();
    }

    protected override int Victim()
    {
        var victim = _nodes.MinBy(n => (n.Value.Hits, n.Value.Since)).Key;
        _nodes.Remove(victim);
        return victim;
    }

    // Among nodes whose halved frequencies fall together, those that had fewer hits come first.
    private void Use()
    {
        if (++_uses < Math.Max(1024, 10 * _nodes.Count)) return;
        _uses = 0;
        foreach (var (id, (hits, _)) in _nodes.OrderBy(n => (n.Value.Hits, n.Value.Since)).ToList())
            _nodes[id] = (hits / 2, _time++);
    }
}

/// <summary>Algorithm 1 of the paper, with bytes for sizes.</summary>
internal sealed class S3FifoReference(int capacity) : Reference(capacity)
{
    private readonly List<int> _small = [];
    private readonly List<int> _main = [];
    private readonly List<int> _ghosts = [];
    private readonly Dictionary<int, int> _hits = [];
    private bool _wasInMain;

    protected override void PutIn(int id, bool held)
    {
        if (!held)
        {
            _hits[id] = 0;
            var ghost = _ghosts.LastIndexOf(id);
            _wasInMain = ghost >= 0 && _ghosts.Count - ghost <= Limit();
            if (ghost >= 0) _ghosts[ghost] = -1;
        }

        (_wasInMain ? _main : _small).Add(id);
    }

    protected override void TakeOut(int id)
    {
        _wasInMain = _main.Remove(id);
        _small.Remove(id);
    }

    protected override void Hit(int id) => _hits[id] = Math.Min(3, _hits[id] + 1);

    protected override int Victim()
    {
        while (_small.Count > 0 && (Sum(_small) >= Capacity / 10 || _main.Count == 0))
        {
            var tail = TakeFirst(_small);
            if (_hits[tail] <= 1)
            {
                _ghosts.Add(tail);
                return tail;
            }

            _hits[tail] = 0;
            _main.Add(tail);
            if (Sum(_main) > Capacity - (Capacity / 10)) break;
        }

        while (true)
        {
            var tail = TakeFirst(_main);
            if (_hits[tail]-- == 0) return tail;
            _main.Add(tail);
        }
    }

    private int Limit() => Math.Max(1, (_small.Count + _main.Count) * 9 / 10);

    private int Sum(List<int> queue) => queue.Sum(id => Charges[id]);
}
