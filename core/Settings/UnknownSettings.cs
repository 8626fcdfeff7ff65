using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace OrleansCache.Core.Settings;

/// <summary>Finds settings that nobody reads. Left alone, a misspelt one would silently be the default.</summary>
internal static class UnknownSettings
{
    /// <summary>One line for each setting below the section that none of the types has. Values are not shown: one may be a secret.</summary>
    public static IEnumerable<string> Find(IConfiguration section, params Type[] types)
    {
        if (types is [var only] && ItemOf(only) is { } item) return FindInItems(section, item);
        var known = types.SelectMany(static type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(static property => property.CanWrite)
            .ToList();
        return section.GetChildren().SelectMany(child => FindAt(child, known));
    }

    private static IEnumerable<string> FindAt(IConfigurationSection setting, List<PropertyInfo> known)
    {
        var named = known.Where(property => property.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)).ToList();
        if (named.Count > 0) return named.Where(static property => HasSettings(property.PropertyType)).SelectMany(property => Find(setting, property.PropertyType));
        var nearest = NearestNames.Of(setting.Key, known.Select(static property => property.Name));
        return [$"{setting.Path} is not a known setting; known here: {string.Join(", ", nearest)}."];
    }

    private static IEnumerable<string> FindInItems(IConfiguration list, Type item) =>
        HasSettings(item) ? list.GetChildren().SelectMany(child => Find(child, item)) : [];

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1] : null;

    private static bool HasSettings(Type type) => type.IsClass && type != typeof(string);
}
