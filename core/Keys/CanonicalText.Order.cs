using System.Security.Cryptography;

namespace OrleansCache.Core.Keys;

internal sealed partial class CanonicalText
{
    /// <summary>Members of the objects that are still open.</summary>
    private readonly PooledList<Member> _open = new(64);

    /// <summary>Members of the objects that came out of order, in order.</summary>
    private readonly PooledList<Member> _kept = new(64);

    /// <summary>Every object, in the order of their opening braces.</summary>
    private readonly PooledList<Extent> _objects = new(32);

    private bool _isUnordered;

    /// <summary>Begins an object.</summary>
    public void StartObject()
    {
        _bytes.Add((byte)'{');
        _frames.Add(new Frame { IsObject = true, Object = _objects.Count, FirstMember = _open.Count });
        _objects.Add(new Extent { Start = _bytes.Count });
    }

    /// <summary>Ends the innermost object.</summary>
    public void EndObject()
    {
        var frame = _frames.Last;
        _frames.Truncate(_frames.Count - 1);
        ref var extent = ref _objects.Span[frame.Object];
        extent.End = _bytes.Count;
        extent.NextObject = _objects.Count;
        if (frame.IsUnordered)
        {
            var members = _open.Span[frame.FirstMember..];
            Sort(members);
            extent.FirstMember = _kept.Count;
            extent.MemberCount = members.Length;
            _kept.AddRange(members);
            _isUnordered = true;
        }

        _open.Truncate(frame.FirstMember);
        _bytes.Add((byte)'}');
        EndValue();
    }

    /// <summary>Takes back the member that ended last.</summary>
    public void DropMember()
    {
        var member = _open.Last;
        _open.Truncate(_open.Count - 1);
        _bytes.Truncate(member.Start);
        _objects.Truncate(member.FirstObject);
    }

    /// <summary>The SHA-256 of the text with every member in its place.</summary>
    public PromptKey ComputeKey()
    {
        Span<byte> digest = stackalloc byte[PromptKey.Size];
        if (!_isUnordered)
        {
            SHA256.HashData(_bytes.Span, digest);
            return new PromptKey(digest);
        }

        using var ordered = new PooledList<byte>(_bytes.Count);
        Copy(0, _bytes.Count, 0, ordered);
        SHA256.HashData(ordered.Span, digest);
        return new PromptKey(digest);
    }

    /// <summary>Copies a range with the members of every object inside it in order.</summary>
    /// <param name="start">Of the range.</param>
    /// <param name="end">Of the range.</param>
    /// <param name="at">The first object that opens inside the range or after it.</param>
    /// <param name="ordered">Where to.</param>
    private void Copy(int start, int end, int at, PooledList<byte> ordered)
    {
        while (at < _objects.Count && _objects.Span[at] is var extent && extent.Start < end)
        {
            at++;
            if (extent.MemberCount == 0) continue;
            ordered.AddRange(_bytes.Span[start..extent.Start]);
            foreach (ref readonly var member in _kept.Span.Slice(extent.FirstMember, extent.MemberCount))
                Copy(member.Start, member.End, member.FirstObject, ordered);
            start = extent.End;
            at = extent.NextObject;
        }

        ordered.AddRange(_bytes.Span[start..end]);
    }

    private void EndMember()
    {
        _open.Last.End = _bytes.Count;
        ref var frame = ref _frames.Last;
        if (_open.Count - frame.FirstMember > 1 && CompareNames(_open.Span[^2], _open.Span[^1]) > 0) frame.IsUnordered = true;
    }

    /// <summary>Most objects of a prompt have a handful of members, where plain insertion is quickest.</summary>
    private void Sort(Span<Member> members)
    {
        if (members.Length > 8)
        {
            members.Sort(CompareNames);
            return;
        }

        for (var i = 1; i < members.Length; i++)
        {
            var member = members[i];
            var at = i;
            for (; at > 0 && CompareNames(members[at - 1], member) > 0; at--) members[at] = members[at - 1];
            members[at] = member;
        }
    }

    /// <summary>By the bytes of the name; members of the same name stay in the order they came.</summary>
    private int CompareNames(Member left, Member right)
    {
        var names = _bytes.Span;
        var order = names[(left.Start + 1)..left.NameEnd].SequenceCompareTo(names[(right.Start + 1)..right.NameEnd]);
        return order != 0 ? order : left.Start.CompareTo(right.Start);
    }

    private struct Member
    {
        public int Start;
        public int NameEnd;
        public int End;
        public int FirstObject;
    }

    private struct Extent
    {
        public int Start;
        public int End;
        public int NextObject;
        public int FirstMember;
        public int MemberCount;
    }
}
